// Ports for the servers of the tests.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** A free port on loopback. It stays free until it is used, because it is below the range from which the system takes ports. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const port = randomInt(20_000, 32_768);
    const probe = createServer();
    probe.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(freePort()) : reject(error)));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(port)));
  });
}
