// Reads a list of people as mail programs and spreadsheets write it: display names, quotes, comments, `mailto:`, one or several per line,
// a table with or without headings. Nothing is dropped: a text that is not read as a person is in the result too. The authority decides
// whether an address is valid.

/** A person, or a text that could not be read as one. */
export interface Found {
  /** As it was pasted. */
  text: string;
  /** The text in the place of an address. */
  address?: string;
  name?: string;
  /** The text in the place of a role. */
  role?: string;
  /** Why it is not read as a person. */
  fault?: "no_address" | "second_address";
}

export interface AddressList {
  found: Found[];
  /** Lines with column headings. */
  headings: string[];
}

/** The text between two separators. */
interface Field {
  start: number;
  end: number;
  /** Without brackets, comments and quotes. */
  words: string;
  /** The text in angle brackets. */
  angle?: string;
  comment: string;
  separator: string;
}

/** Characters of a column heading. */
const LONGEST_HEADING = 40;

type Columns = ("address" | "role" | "other")[];

// Sticky patterns, tried at a position of the text in this order.
const SEPARATOR = /[,;\t\n]/y;
const BLANK = / +/y;
const WORDS = /[^,;\t\n"(<]+/y;
const QUOTATION = /"((?:[^"\\\n]|\\.|"")*)"(?!@)/y;
/** A quoted cell of a spreadsheet with a name on several lines. It contains no address. */
const LONG_QUOTATION = /"((?:[^"\\@]|\\.|"")*)"(?=[ ]*(?:[,;\t\n<]|$))/y;
const COMMENT = /\(((?:[^()\n]|\([^()\n]{0,500}\)){0,500})\)/y;
const MAILBOX = /<+([^<>\n]*)>+/y;
const OPEN_MAILBOX = /<+([^<>,;\t\n]*)/y;

/** @param isRole whether a text is the name of a role */
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

/** Unifies line ends, blanks and separators. */
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
    // A mailbox ends with its bracket: the text after it starts a new field without a separator.
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

/** The fields of each line. A semicolon separates people if the line has several addresses, and fields otherwise. */
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

/** The kind of each column, if the record has column headings: one column must be for addresses. */
function columnsOf(record: Field[]): Columns | undefined {
  if (record.some((field) => field.angle !== undefined || addressesOf(field).length > 0)) return undefined;
  const columns = record.map(({ words }) => {
    const heading = words.trim();
    // A heading alone on its line must match as a whole.
    const pattern =
      record.length > 1
        ? /\be-?mail|\bmail\b|address|adresse|courriel|correo/i
        : /^(?:e-?mail|mail|(?:e-?mail[ _-]?)?(?:address|adresse)(?:es)?|courriel|correo)$/i;
    if (heading.length <= LONGEST_HEADING && pattern.test(heading)) return "address";
    return /^(?:role|rolle|r[oô]le|rol)$/i.test(heading) ? "role" : "other";
  });
  return columns.includes("address") ? columns : undefined;
}

/** One row of a table with headings: one person. */
function rowOf(text: string, record: Field[], columns: Columns): Found[] {
  const whole = slice(text, record);
  const column = columns.indexOf("address");
  const held = record.flatMap((field, index) => addressesOf(field).map((address) => ({ index, address })));
  const first = held.find(({ index }) => columns[index] === "address") ?? held[0];
  if (!first) return [{ text: whole, fault: "no_address" }];
  // An unquoted comma in a name moves the fields after it.
  const moved = first.index - column;
  const textOf = (kind: Columns[number]) =>
    record
      .filter((_, index) => columns[Math.max(0, index - moved)] === kind && index !== first.index)
      .map(wordsOf)
      .filter(Boolean)
      .join(" ");
  const others = held.filter((one) => one !== first);
  return [
    { text: whole, address: first.address, ...some({ name: textOf("other"), role: textOf("role") }) },
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
    // Words after an address are the name of the next person, or the role of the last person.
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
  // A name may be the name of a role: it is the role if no other text is.
  const role = roles.length === 0 && only.name !== undefined && isRole(only.name) ? only.name : roles.join(" ");
  const name = [role === only.name ? "" : only.name, ...names].filter(Boolean).join(" ");
  const { address = "" } = only;
  return [{ text: slice(text, record), address, ...some({ name, role }) }];
}

/** Several words that begin with a capital, in scripts with capitals: the name of a person, not a misspelt role. */
function looksLikeName(words: string): boolean {
  const parts = words.split(/\s+/);
  return (
    parts.length > 1 &&
    parts.every((part) => /^[\p{Lu}\p{Lt}\p{Lo}]/u.test(part)) &&
    !/\b(?:admin|administrator|user|owner|viewer|editor|member)s?\b/i.test(words)
  );
}

/** The possible addresses of a field: in its brackets, otherwise in its words, otherwise in its comment. */
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

/** RFC 6068, section 2: the addresses before the `?`, and in `to`, `cc` and `bcc`. */
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

/** Without the brackets, quotes and punctuation around an address. */
function stripped(word: string): string {
  return word.replace(/^[<>"'‘’“”«»[\]()*•·]+/, "").replace(/[<>"'‘’“”«»[\]()*.,;:!?]+$/, "");
}

/** The words of a field without its addresses. */
function wordsOf(field: Field): string {
  const words =
    field.angle !== undefined || addressesIn(field.words).length === 0
      ? field.words
      : field.words
          .split(/\s+/)
          .filter((word) => !/@|mailto:/i.test(word))
          .join(" ");
  // A name that is an address is dropped.
  const name = words.includes("@") ? "" : words;
  const plainName = name
    .replace(/^[^:]*:/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  return /\p{L}/u.test(plainName) ? plainName : "";
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
