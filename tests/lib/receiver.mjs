// A receiver of webhooks: it keeps what it gets and answers as it is told, well or badly.
import { createServer } from "node:http";
import { once } from "node:events";
import { until } from "./until.mjs";

/** @typedef {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => void} Behaviour */

/** Ways to answer. */
export const behaviours = {
  accepts: (_, response) => response.writeHead(204).end(),
  fails: (_, response) => response.writeHead(500).end("no"),
  isGone: (_, response) => response.writeHead(410).end(),
  redirects: (location) => (_, response) => response.writeHead(307, { Location: location }).end(),
  asksToWait: (seconds) => (_, response) => response.writeHead(503, { "Retry-After": String(seconds) }).end(),
  cutsTheConnection: (request) => request.socket.destroy(),
  /** Never answers. */
  stalls: () => {},
  /** Accepts, and writes a body without end until the reader leaves. */
  answersWithoutEnd: (_, response) => {
    response.writeHead(200, { "Content-Type": "text/plain" });
    const chunk = "x".repeat(64 * 1024);
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on("drain", write);
    write();
  },
};

/** Starts a receiver on this machine. */
export async function startReceiver(behaviour = behaviours.accepts) {
  const received = [];
  const receiver = {
    /** Every request in the order of its arrival: headers, body as text, path, and time. */
    received,
    behaviour,
    /** Waits until a condition of the received requests holds. */
    until: (condition, what, seconds) => until(() => condition(received), what, seconds),
    /** The versions of the received events. */
    versions: () => received.map(({ body }) => JSON.parse(body).data.version),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("error", () => {});
    response.on("error", () => {});
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString(), path: request.url, at: Date.now() });
      receiver.behaviour(request, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  receiver.url = `http://localhost:${server.address().port}/in?token=secret`;
  return receiver;
}
