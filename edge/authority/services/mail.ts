// Sends one mail over SMTP, with the configured encryption or not at all: a server without STARTTLS gets no password and no mail. The
// library composes the message and encodes line breaks that could end a header.
import net from "node:net";
import tls from "node:tls";
import MailComposer from "nodemailer/lib/mail-composer";
import SMTPConnection from "nodemailer/lib/smtp-connection";
import type { Settings } from "../settings";
import { isLoopback } from "../loopback";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Milliseconds for the whole delivery: the person who invites is waiting. */
const PATIENCE = 10_000;

/** @param origin of the organization that sends it. @throws Error unless the server accepted the mail */
export async function send(env: Settings, origin: string, mail: Mail): Promise<void> {
  const { SMTP_HOST: host, SMTP_SECURE: secure = "starttls", MAIL_FROM: from } = env;
  const port = Number(env.SMTP_PORT ?? (secure === "tls" ? 465 : 587));
  if (!host || !from || !Number.isInteger(port)) throw new Error("mail is not configured");
  if (secure !== "tls" && secure !== "starttls" && !(secure === "none" && isLoopback(host)))
    throw new Error("mail would go unencrypted");

  const message = await new MailComposer({ from, ...mail, disableFileAccess: true, disableUrlAccess: true }).compile().build();
  // Connected here, because the library would look up the name itself, and workerd does not do that for loopback names.
  const socket = secure === "tls" ? tls.connect({ host, port, servername: host }) : net.connect({ host, port });
  socket.setMaxListeners(0); // the library sets its timeouts often, and workerd counts each as a listener
  const connection = new SMTPConnection({
    connection: socket,
    host,
    name: new URL(origin).hostname,
    secured: secure === "tls",
    requireTLS: secure === "starttls",
    ignoreTLS: secure === "none",
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("the mail server took too long")), PATIENCE);
  const unlessError = (next: () => void) => (error?: Error | null) => (error ? reject(error) : next());
  socket.on("error", reject);
  connection.on("error", reject);
  connection.on("end", () => reject(new Error("the mail server closed the connection")));
  socket.once(secure === "tls" ? "secureConnect" : "connect", () => {
    const deliver = () => connection.send({ from: addressOf(from), to: [mail.to] }, message, unlessError(resolve));
    const { SMTP_USER: user, SMTP_PASSWORD: pass } = env;
    connection.connect(
      unlessError(() => (user && pass ? connection.login({ credentials: { user, pass } }, unlessError(deliver)) : deliver())),
    );
  });
  try {
    await promise;
    connection.quit();
  } catch (error) {
    connection.close();
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** `Acme <no-reply@acme.example>` → `no-reply@acme.example`. */
function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
}
