// Sends requests as fast as they are answered, over its own connections, in its own process. It works on bytes, because an HTTP client would
// use more of the processor than the measured Workers.

import { createConnection } from "node:net";

/** Sends the requests in turn, for some seconds. @returns the number of answers, and the share of one core that this process used */
async function run({ port, requests, connections, seconds }) {
  const texts = requests.map((text) => Buffer.from(text));
  let next = 0;
  let answered = 0;
  let over = false;
  const cpu = process.cpuUsage();
  const start = performance.now();
  setTimeout(() => {
    over = true;
  }, seconds * 1_000);
  await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise((resolve, reject) => {
          const socket = createConnection({ host: "127.0.0.1", port, noDelay: true });
          let pending = "";
          const ask = () => socket.write(texts[next++ % texts.length]);
          socket.setEncoding("latin1");
          socket.on("connect", ask);
          socket.on("error", reject);
          socket.on("close", () => (over ? resolve() : reject(new Error("the server closed a connection"))));
          socket.on("data", (chunk) => {
            pending = pending === "" ? chunk : pending + chunk;
            if (!complete(pending)) return;
            if (!pending.startsWith("HTTP/1.1 200 ")) {
              over = true;
              reject(new Error(`answered: ${pending.slice(0, 1_000)}`));
            }
            pending = "";
            if (over) return void socket.end();
            answered += 1;
            ask();
          });
        }),
    ),
  );
  const time = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (answered / time) * 1_000, share: (user + system) / 1_000 / time };
}

function complete(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, end + 2));
  if (length) return text.length >= end + 4 + Number(length[1]);
  if (/\r\ntransfer-encoding: chunked/i.test(text.slice(0, end))) return text.endsWith("\r\n0\r\n\r\n");
  throw new Error("an answer of unknown length");
}

process.on("message", (given) => {
  run(given).then(
    (value) => process.send({ value }),
    (error) => process.send({ error: error.message }),
  );
});
