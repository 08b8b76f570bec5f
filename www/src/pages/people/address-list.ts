// Reads a list of people as mail programs and spreadsheets write it: display names, quotes, comments, `mailto:`, one to a line or many, as a
// table with or without headings. Nothing is left out: what is not read as a person is in the answer, too. Whether an address is one, the
// authority says.

/** A person, or what could not be read as one. */
export interface Found {
  /** As it was pasted. */
  text: string;
  /** What stands where an address should. */
  address?: string;
  name?: string;
  /** What is called a role. */
  role?: string;
  /** Why it is no person. */
  fault?: "no_address" | "second_address";
}

export interface AddressList {
  found: Found[];
  /** Lines that name columns. */
  headings: string[];
}

/** What stands between two separators. */
interface Field {
  start: number;
  end: number;
  /** Without brackets and comments; quotes are taken off. */
  words: string;
  /** What stands in angle brackets. */
  angle?: string;
  comment: string;
  separator: string;
}

/** Characters of what a column is called. */
const LONGEST_HEADING = 40;

type Columns = ("address" | "role" | "other")[];

// At a place of the text; those that may not be there are tried in this order.
const SEPARATOR = /[,;\t\n]/y;
const BLANK = / +/y;
const WORDS = /[^,;\t\n"(<]+/y;
const QUOTATION = /"((?:[^"\\\n]|\\.|"")*)"(?!@)/y;
/** A name on two lines, in a cell of a spreadsheet: nothing with an address in it. */
const LONG_QUOTATION = /"((?:[^"\\@]|\\.|"")*)"(?=[ ]*(?:[,;\t\n<]|$))/y;
const COMMENT = /\(((?:[^()\n]|\([^()\n]{0,500}\)){0,500})\)/y;
const MAILBOX = /<+([^<>\n]*)>+/y;
const OPEN_MAILBOX = /<+([^<>,;\t\n]*)/y;

/** `isRole` knows the names of roles. */
export function readList(pasted: string, isRole: (words: string) => boolean): AddressList {
  const text = plain(pasted);
  const list: AddressList = { found: [], headings: [] };
  let columns: Columns | undefined;
  for (const record of recordsOf(fieldsOf(text))) {
    const headings = columnsOf(record);
    if (headings) {
      columns = headings;
      list.headings.push(slice(text, record));
    } else list.found.push(...(columns ? rowOf(text, record, columns) : peopleOf(text, record, isRole)));
  }
  return list;
}

/** One kind of line end, of blank and of separator. */
function plain(pasted: string): string {
  return pasted
    .replace(/^\uFEFF/, "")
    .replaceAll(/\r\n?|[\v\f\u0085\u2028\u2029]/g, "\n")
    .replaceAll(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, " ")
    .replaceAll(/[，、]/g, ",")
    .replaceAll("；", ";");
}

function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  let at = 0;
  let begun = false;
  let field: Field = { start: 0, end: 0, words: "", comment: "", separator: "" };
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const finish = (separator: string) => {
    fields.push({ ...field, end: at, separator });
    at += separator.length;
    begun = false;
    field = { start: at, end: at, words: "", comment: "", separator: "" };
  };
  while (at < text.length) {
    const [separator] = match(SEPARATOR) ?? [];
    if (separator !== undefined) {
      finish(separator);
      continue;
    }
    const blank = match(BLANK);
    const quotation = begun ? null : (match(QUOTATION) ?? match(LONG_QUOTATION));
    const comment = match(COMMENT);
    const mailbox = match(MAILBOX) ?? match(OPEN_MAILBOX);
    // A mailbox ends with its bracket: what follows began without a separator.
    if (field.angle !== undefined && !comment && !blank) finish("");
    const [words = text[at] ?? ""] = blank ?? match(WORDS) ?? [];
    if (quotation)
      field.words += (quotation[1] ?? "").replaceAll(/""|\\(.)/g, (both, escaped: string | undefined) => escaped ?? both[0] ?? "");
    else if (comment) field.comment += ` ${comment[1]}`;
    else if (mailbox) field.angle = mailbox[1] ?? "";
    else field.words += words;
    begun ||= !blank && !comment;
    at += (quotation ?? comment ?? mailbox)?.[0].length ?? words.length;
  }
  finish("\n");
  return fields;
}

/** The fields of each line; a semicolon separates people where there are several on a line, and fields otherwise. */
function recordsOf(fields: Field[]): Field[][] {
  const lines: Field[][] = [[]];
  for (const field of fields) {
    lines.at(-1)?.push(field);
    if (field.separator === "\n") lines.push([]);
  }
  return lines
    .flatMap((line) => {
      if (line.filter((field) => addressesOf(field).length > 0).length < 2) return [line];
      const people: Field[][] = [[]];
      for (const field of line) {
        people.at(-1)?.push(field);
        if (field.separator === ";") people.push([]);
      }
      return people;
    })
    .filter((record) => record.some((field) => !isEmpty(field)));
}

function isEmpty({ words, angle, comment }: Field): boolean {
  return `${words}${angle ?? ""}${comment}`.trim() === "";
}

/** What each column is, where a record names columns: one of them has addresses. */
function columnsOf(record: Field[]): Columns | undefined {
  if (record.some((field) => field.angle !== undefined || addressesOf(field).length > 0)) return undefined;
  const columns = record.map(({ words }) => {
    const heading = words.trim();
    // Alone on a line, it must be the whole.
    const pattern =
      record.length > 1
        ? /\be-?mail|\bmail\b|address|adresse|courriel|correo/i
        : /^(?:e-?mail|mail|(?:e-?mail[ _-]?)?(?:address|adresse)(?:es)?|courriel|correo)$/i;
    if (heading.length <= LONGEST_HEADING && pattern.test(heading)) return "address";
    return /^(?:role|rolle|r[oô]le|rol)$/i.test(heading) ? "role" : "other";
  });
  return columns.includes("address") ? columns : undefined;
}

/** The row of a table with headings: one person. */
function rowOf(text: string, record: Field[], columns: Columns): Found[] {
  const whole = slice(text, record);
  const column = columns.indexOf("address");
  const held = record.flatMap((field, index) => addressesOf(field).map((address) => ({ index, address })));
  const first = held.find(({ index }) => columns[index] === "address") ?? held[0];
  if (!first) return [{ text: whole, fault: "no_address" }];
  // A comma in a name that is not quoted moves what stands behind it.
  const moved = first.index - column;
  const its = (kind: Columns[number]) =>
    record
      .filter((field, index) => columns[Math.max(0, index - moved)] === kind && index !== first.index)
      .map(wordsOf)
      .filter(Boolean)
      .join(" ");
  const others = held.filter((one) => one !== first);
  return [
    { text: whole, address: first.address, ...some({ name: its("other"), role: its("role") }) },
    ...others.map(({ address }): Found => ({ text: address, fault: "second_address" })),
  ];
}

/** The people of a record without headings. */
function peopleOf(text: string, record: Field[], isRole: (words: string) => boolean): Found[] {
  const people: Found[] = [];
  let before: Field[] = [];
  for (const field of record) {
    const addresses = addressesOf(field);
    if (addresses.length === 0) {
      before.push(field);
      continue;
    }
    // Words behind an address are the next one's name, the last one's role.
    const name = [...before, field].map(wordsOf).filter(Boolean).join(" ");
    const whole = slice(text, [...before, field]);
    for (const [index, address] of addresses.entries())
      people.push({ text: index === 0 ? whole : address, address, ...(addresses.length === 1 && some({ name })) });
    before = [];
  }
  const rest = before.filter((field) => !isEmpty(field));
  const [only] = people;
  if (!only) return [{ text: slice(text, record), fault: "no_address" }];
  if (people.length > 1) return rest.length === 0 ? people : [...people, { text: slice(text, rest), fault: "no_address" }];

  const words = rest.map(wordsOf).filter(Boolean);
  const roles = words.filter((words) => isRole(words) || !looksLikeName(words));
  const names = words.filter((words) => !roles.includes(words));
  // A name may be that of a role: where there is none behind, it is one.
  const role = roles.length === 0 && only.name !== undefined && isRole(only.name) ? only.name : roles.join(" ");
  const name = [role === only.name ? "" : only.name, ...names].filter(Boolean).join(" ");
  const { address = "" } = only;
  return [{ text: slice(text, record), address, ...some({ name, role }) }];
}

/** Several words that all begin with a capital, in scripts that have them: what people are called, and no role that was misspelt. */
function looksLikeName(words: string): boolean {
  const parts = words.split(/\s+/);
  return (
    parts.length > 1 &&
    parts.every((part) => /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(part)) &&
    !/\b(?:admin|administrator|user|owner|viewer|editor|member)s?\b/i.test(words)
  );
}

/** What in a field could be addresses: in its brackets, else among its words, else in its comment. */
function addressesOf({ words, angle, comment }: Field): string[] {
  for (const place of [angle ?? "", words, comment]) {
    const addresses = addressesIn(place);
    if (addresses.length > 0) return addresses;
  }
  return [];
}

function addressesIn(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .filter((word) => /@|mailto:/i.test(word))
    .flatMap((word) => {
      const bare = stripped(word);
      const [, link] = /^mailto:(.*)$/i.exec(bare) ?? [];
      // `Team:nina@acme.example`, `To:nina@acme.example`
      return link === undefined ? [bare.replace(/^[^@:]*:(?=.*@)/, "")] : addressesOfLink(link);
    })
    .map(stripped)
    .filter((address) => address.includes("@"));
}

/** RFC 6068: those before the `?`, and those of its `to`, `cc` and `bcc`. */
function addressesOfLink(link: string): string[] {
  const [to = "", query = ""] = link.split("?", 2);
  const more = query.split("&").flatMap((part) => /^(?:to|cc|bcc)=(.*)$/i.exec(part)?.[1] ?? []);
  return [to, ...more].flatMap((list) => list.split(/,|%2C/i)).map(decoded);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Without what stands around an address and is no part of it. */
function stripped(word: string): string {
  return word.replace(/^[<>"'‘’“”«»[\]()*•·]+/, "").replace(/[<>"'‘’“”«»[\]()*.,;:!?]+$/, "");
}

/** What a field says besides its addresses. */
function wordsOf(field: Field): string {
  const said =
    field.angle !== undefined || addressesIn(field.words).length === 0
      ? field.words
      : field.words
          .split(/\s+/)
          .filter((word) => !/@|mailto:/i.test(word))
          .join(" ");
  // Where the name is an address, too, it says nothing.
  const name = said.includes("@") ? "" : said;
  const words = name
    .replace(/^[^:]*:/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return /\p{L}/u.test(words) ? words : "";
}

function slice(text: string, fields: Field[]): string {
  return text
    .slice(fields[0]?.start, fields.at(-1)?.end)
    .replace(/^[\s,;]+/, "")
    .trim();
}

function some<T extends Record<string, string>>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== "")) as Partial<T>;
}
