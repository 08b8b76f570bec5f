// A real mail server that delivers nothing: it keeps the mails that it gets, and shows them on a page of this machine.
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { html, sendPage, serveLocally } from "./local-page.mjs";

/** Mails that are kept. The oldest are dropped, so that a long demonstration does not fill the memory. */
const KEPT = 200;
const MAX_SIZE = 1024 * 1024;
const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/g;

const FOLLOW = `new EventSource("/events").onmessage = () => location.reload();`;

/**
 * @typedef {{ id: number, at: Date, from: string, to: string[], subject: string, text: string, html: string, links: string[], raw: string }} Mail
 * @param {{ smtpPort?: number, webPort?: number }} [options] port 0 means any free one
 * @returns {Promise<{
 *   smtpPort: number, url: string, port: number, mails: () => Mail[], stop: () => Promise<void>,
 *   waitForMail: (to: string, predicate?: (mail: Mail) => boolean, options?: { timeout?: number }) => Promise<Mail>,
 * }>}
 */
export async function startMailCatcher({ smtpPort = 0, webPort = 0 } = {}) {
  const mails = [];
  const watchers = new Set();
  let last = 0;

  const smtp = new SMTPServer({
    name: "localhost",
    banner: "the demonstration's mail server delivers to nobody",
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: MAX_SIZE,
    onData(stream, { envelope }, done) {
      receive(stream, envelope).then((mail) => {
        mails.push(mail);
        if (mails.length > KEPT) mails.shift();
        for (const tell of watchers) tell(mail);
        done();
      }, done);
    },
  });
  smtp.on("error", (error) => console.error(error.message));

  /** `from` and `to` are those of the envelope, as a mail server delivers by it and not by the header. */
  async function receive(stream, envelope) {
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    if (stream.sizeExceeded) throw Object.assign(new Error("the message is too large"), { responseCode: 552 });
    const raw = Buffer.concat(chunks);
    const { subject = "", text = "", html: markup } = await simpleParser(raw, { skipHtmlToText: true, skipTextToHtml: true });
    last += 1;
    return {
      id: last,
      at: new Date(),
      from: envelope.mailFrom ? envelope.mailFrom.address : "",
      to: envelope.rcptTo.map(({ address }) => address),
      subject,
      text,
      html: markup || "",
      links: text.match(ADDRESS) ?? [],
      raw: raw.toString("utf8"),
    };
  }

  const web = await serveLocally(webPort, (request, response) => {
    const { pathname } = new URL(request.url, web.url);
    if (pathname === "/events") return follow(request, response);
    if (pathname === "/") return sendPage(response, listPage(mails));
    const mail = mails.find(({ id }) => pathname === `/mails/${id}`);
    return sendPage(response, mail ? mailPage(mail) : absentPage());
  });

  function follow(request, response) {
    response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" }).write(":\n\n");
    const tell = ({ id }) => response.write(`data: ${id}\n\n`);
    watchers.add(tell);
    request.once("close", () => watchers.delete(tell));
  }

  function waitForMail(to, predicate = () => true, { timeout = 10_000 } = {}) {
    const wanted = (mail) => mail.to.includes(to) && predicate(mail);
    const present = mails.find(wanted);
    if (present) return Promise.resolve(present);
    return new Promise((resolve, reject) => {
      const finish = (settle, value) => {
        clearTimeout(timer);
        watchers.delete(tell);
        settle(value);
      };
      const timer = setTimeout(() => finish(reject, new Error(`no such mail to ${to} within ${timeout} ms`)), timeout);
      const tell = (mail) => wanted(mail) && finish(resolve, mail);
      watchers.add(tell);
    });
  }

  try {
    await new Promise((resolve, reject) => {
      smtp.server.once("error", reject);
      smtp.listen(smtpPort, "127.0.0.1", resolve);
    });
  } catch (error) {
    await web.stop();
    throw error;
  }
  return {
    smtpPort: smtp.server.address().port,
    url: web.url,
    port: web.port,
    mails: () => [...mails],
    waitForMail,
    async stop() {
      await Promise.all([new Promise((resolve) => smtp.close(resolve)), web.stop()]);
    },
  };
}

function listPage(mails) {
  return {
    title: "Mail of the demonstration",
    script: FOLLOW,
    body: html`<h1>Mail of the demonstration</h1>
<p class="soft">What the authority sent. It is delivered to nobody, and gone when the demonstration stops.</p>
<p role="status">${mails.length === 0 ? "No mail yet." : mails.length === 1 ? "One mail." : `${mails.length} mails.`}</p>
<ul class="mails">${mails.toReversed().map((mail) => html`<li><a href="/mails/${mail.id}"><span>${mail.subject || "(no subject)"}</span><span class="soft">${headline(mail)}</span></a></li>`)}</ul>`,
  };
}

function mailPage(mail) {
  return {
    title: mail.subject || "(no subject)",
    body: html`<p><a href="/">All mail</a></p>
<h1>${mail.subject || "(no subject)"}</h1>
<p class="soft">${headline(mail)}</p>
<pre>${withLinks(mail.text)}</pre>`,
  };
}

function absentPage() {
  return { status: 404, title: "No such mail", body: html`<h1>No such mail</h1><p><a href="/">All mail</a></p>` };
}

function headline({ from, to, at }) {
  return `To ${to.join(", ")} · from ${from} · ${at.toLocaleString("en-GB")}`;
}

function withLinks(text) {
  const between = text.split(ADDRESS);
  const links = (text.match(ADDRESS) ?? []).map((address) => html`<a href="${address}" rel="noreferrer">${address}</a>`);
  return between.flatMap((part, index) => [part, links.at(index) ?? ""]);
}
