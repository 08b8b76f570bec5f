// Lists of people, as mail programs and spreadsheets write them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../../www/src/pages/people/address-list.ts", import.meta.url))],
  bundle: true,
  write: false,
  format: "esm",
});
const { readList } = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);

const ROLES = ["user", "application admin", "global_admin"];
const isRole = (words) => ROLES.includes(words.toLowerCase());
const read = (text) => readList(text, isRole);
/** Each person as `address`, `address|name` or `address|name|role`; each fault as `!fault text`. */
const people = (text) =>
  read(text).found.map(({ address, name, role, fault, text: whole }) =>
    fault ? `!${fault} ${whole}` : [address, name ?? "", role ?? ""].join("|").replace(/\|+$/, ""),
  );

const LISTS = {
  "Outlook's": [
    '"Noe, Nina" <nina@acme.example>; "Otto" <otto@acme.example>; ',
    ["nina@acme.example|Noe, Nina", "otto@acme.example|Otto"],
  ],
  "Outlook's, names without quotes": [
    "Noe, Nina <nina@acme.example>; Otto <otto@acme.example>;",
    ["nina@acme.example|Noe Nina", "otto@acme.example|Otto"],
  ],
  "Outlook's, in single quotes": [
    "'nina@acme.example' <nina@acme.example>; 'otto@acme.example'",
    ["nina@acme.example", "otto@acme.example"],
  ],
  "Gmail's": [
    "Nina Noe <nina@acme.example>, Otto <otto@acme.example>, pia@acme.example",
    ["nina@acme.example|Nina Noe", "otto@acme.example|Otto", "pia@acme.example"],
  ],
  "Apple's, folded": [
    "To: Nina <nina@acme.example>,\r\n\tOtto <otto@acme.example>\r\nCc: pia@acme.example",
    ["nina@acme.example|Nina", "otto@acme.example|Otto", "pia@acme.example"],
  ],
  "a group": ["Support: nina@acme.example, otto@acme.example;", ["nina@acme.example", "otto@acme.example"]],
  "mailboxes without separators": [
    "Nina <nina@acme.example> Otto <otto@acme.example>",
    ["nina@acme.example|Nina", "otto@acme.example|Otto"],
  ],
  "words between blanks": [
    "nina@acme.example otto@acme.example\tpia@acme.example",
    ["nina@acme.example", "otto@acme.example", "pia@acme.example"],
  ],
  "one to a line, with roles": [
    "nina@acme.example\r\nOtto <otto@acme.example>, application admin\r\n\r\npia@acme.example\tuser",
    ["nina@acme.example", "otto@acme.example|Otto|application admin", "pia@acme.example||user"],
  ],
  links: [
    "mailto:nina@acme.example?subject=Hello%20you\n<mailto:otto@acme.example>\nMailto:pia%40acme.example\nmailto:rita@acme.example?cc=sven@acme.example",
    ["nina@acme.example", "otto@acme.example", "pia@acme.example", "rita@acme.example", "sven@acme.example"],
  ],
  "ends of sentences": [
    "nina@acme.example.\notto@acme.example,\npia@acme.example;\n(rita@acme.example)\n<sven@acme.example>.",
    ["nina@acme.example", "otto@acme.example", "pia@acme.example", "rita@acme.example", "sven@acme.example"],
  ],
  comments: [
    "nina@acme.example (Nina Noe, HR)\n(boss) otto@acme.example\nPia Poe (pia@acme.example)",
    ["nina@acme.example", "otto@acme.example", "pia@acme.example|Pia Poe"],
  ],
  "bullets and numbers": [
    "• nina@acme.example\n- otto@acme.example\n1. pia@acme.example",
    ["nina@acme.example", "otto@acme.example", "pia@acme.example"],
  ],
  "a table with headings": [
    '\uFEFFName,E-mail,Role\r\n"Noe, Nina",nina@acme.example,application admin\r\n"Otto ""the O"" Oe",otto@acme.example,\r\n',
    ["nina@acme.example|Noe, Nina|application admin", 'otto@acme.example|Otto "the O" Oe'],
  ],
  "a table with semicolons": [
    "Nachname;Vorname;E-Mail-Adresse\nNoe;Nina;nina@acme.example\nOe;Otto;otto@acme.example",
    ["nina@acme.example|Noe Nina", "otto@acme.example|Oe Otto"],
  ],
  "a table with tabs, names behind": [
    "Email\tDisplay name\nnina@acme.example\tNina Noe\notto@acme.example\tOtto",
    ["nina@acme.example|Nina Noe", "otto@acme.example|Otto"],
  ],
  "a table without headings": [
    '"Noe, Nina",nina@acme.example\n"Oe, Otto",otto@acme.example,user',
    ["nina@acme.example|Noe, Nina", "otto@acme.example|Oe, Otto|user"],
  ],
  "names behind, without headings": [
    "nina@acme.example,Nina Noe\notto@acme.example,Otto Oe,user",
    ["nina@acme.example|Nina Noe", "otto@acme.example|Otto Oe|user"],
  ],
  "a cell on two lines": ['"Nina\nNoe",nina@acme.example\notto@acme.example', ["nina@acme.example|Nina Noe", "otto@acme.example"]],
  "a comma in a cell that is not quoted": [
    "Name,Email,Role\nNoe, Nina,nina@acme.example,user",
    ["nina@acme.example|Noe Nina|user"],
  ],
  "a second address in a row": [
    "Name,Email,Other\nNina,nina@acme.example,nina@home.example",
    ["nina@acme.example|Nina", "!second_address nina@home.example"],
  ],
  "all cells quoted": [
    '"nina@acme.example","user"\n"otto@acme.example","user"',
    ["nina@acme.example||user", "otto@acme.example||user"],
  ],
  "blanks that do not break": [
    "\u00a0nina@acme.example\u00a0\n\u3000otto@acme.example，pia@acme.example；rita@acme.example、sven@acme.example",
    ["nina@acme.example", "otto@acme.example", "pia@acme.example", "rita@acme.example", "sven@acme.example"],
  ],
  "what cannot be read": [
    'no address\nnina@acme.example, emperor\n"open <otto@acme.example\n@acme.example\nuser',
    ["!no_address no address", "nina@acme.example||emperor", 'otto@acme.example|"open', "@acme.example", "!no_address user"],
  ],
  "several on a line, and words behind": [
    "nina@acme.example, otto@acme.example, application admin",
    ["nina@acme.example", "otto@acme.example", "!no_address application admin"],
  ],
};

describe("a list is read", () => {
  for (const [name, [text, expected]] of Object.entries(LISTS)) test(name, () => assert.deepEqual(people(text), expected));

  test("headings are distinguished from people", () => {
    assert.deepEqual(read("Name,Email\nNina,nina@acme.example").headings, ["Name,Email"]);
    assert.deepEqual(read("nina@acme.example\nmy address is secret and this is a sentence").headings, []);
  });
});

/** Pseudo-random numbers, the same in each run. */
function* random(seed) {
  for (let state = seed; ; yield state / 2 ** 32) state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
}

describe("any pasted text", () => {
  const FORMS = [
    (who) => `${who}@acme.example`,
    (who) => `<${who}@acme.example>`,
    (who) => `"Noe, ${who}" <${who}@acme.example>`,
    (who) => `${who} Noe <${who}@acme.example>`,
    (who) => `mailto:${who}@acme.example?subject=Hi`,
    (who) => `${who}@acme.example (${who}, HR)`,
    (who) => `'${who}@acme.example'`,
    (who) => `${who}@acme.example.`,
  ];

  test("of five thousand people in any form and between any separators, all are found in their order", () => {
    for (const separator of [";", "; ", ", ", "\n", "\r\n", "\t", ";\n", ",\r\n"]) {
      const numbers = random(7);
      const names = Array.from({ length: 5000 }, (_, n) => `p${n}`);
      const text = names.map((name) => FORMS[Math.floor(numbers.next().value * FORMS.length)](name)).join(separator);
      assert.deepEqual(
        read(text).found.map(({ address }) => address),
        names.map((name) => `${name}@acme.example`),
        JSON.stringify(separator),
      );
    }
  });

  test("nothing is left out: each word is in a result or in a heading", () => {
    const PIECES = [
      "nina@acme.example",
      "otto@b.example",
      "Noe",
      "user",
      '"',
      "'",
      "<",
      ">",
      "(",
      ")",
      ",",
      ";",
      "\t",
      "\n",
      " ",
      " ",
      "mailto:",
      "?",
      ":",
      "@",
      ".",
      "\\",
      "Email",
      "é",
    ];
    const numbers = random(11);
    for (let n = 0; n < 20_000; n += 1) {
      const length = 1 + Math.floor(numbers.next().value * 12);
      const text = Array.from({ length }, () => PIECES[Math.floor(numbers.next().value * PIECES.length)]).join("");
      const { found, headings } = read(text);
      const kept = [...found.map(({ text }) => text), ...headings].join(" ");
      for (const word of text.match(/[\p{L}@]+/gu) ?? [])
        assert.ok(kept.includes(word), `${JSON.stringify(word)} of ${JSON.stringify(text)} in ${JSON.stringify(found)}`);
    }
  });

  test("a long text with unclosed quotes and brackets is read quickly", () => {
    for (const piece of ['"', "(", "<", '"a', "(a", "<a@b ", '"\\', ',"', "@", ":", "a@b "]) {
      const started = performance.now();
      read(piece.repeat(100_000 / piece.length));
      assert.ok(performance.now() - started < 2000, `${JSON.stringify(piece)}: ${Math.round(performance.now() - started)} ms`);
    }
  });
});
