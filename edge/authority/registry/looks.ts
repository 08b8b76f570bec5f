// When two names of organizations look alike: a stranger must not get a name that people take for another one. A skeleton is what a hasty
// reader sees; equal skeletons look alike (after UTS #39, with the letters that everyday fonts draw alike).

/** Labels that people take for a part of the deployment itself. */
const RESERVED = [
  "about account accounts admin administrator apex api app assets auth billing blog cdn console contact dashboard demo dev dns docs download",
  "email embed faq ftp gate help home host id imap info internal legal localhost login logout mail mx my news ns ns1 ns2 oauth operator pay",
  "payment pop portal postmaster privacy registry root sales secure security shop sign-in signin signup smtp sso staging static status store",
  "support system team terms test updates web webmail widget wicketgate www",
].flatMap((line) => line.split(" "));

/** Letters of other scripts that are drawn like Latin ones. */
const LIKE_LATIN = new Map(
  Object.entries({
    a: "аα",
    b: "ьβв",
    c: "сϲ",
    d: "ԁ",
    e: "еє",
    g: "ɡ",
    h: "һн",
    i: "іιɩӏ",
    j: "јϳ",
    k: "кκ",
    l: "ⅼ",
    m: "м",
    n: "ոηп",
    o: "оοօσ",
    p: "рρ",
    q: "ԛ",
    r: "г",
    s: "ѕ",
    t: "тτ",
    u: "υսц",
    v: "νѵ",
    w: "ԝωш",
    x: "хχ",
    y: "уγү",
    z: "ʐᴢζ",
  }).flatMap(([latin, others]) => Array.from(others).map((other) => [other, latin] as const)),
);

/** Scripts that one name may have: letters of two of them are mixed to deceive, seldom for another reason. */
const SCRIPTS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Georgian}/u,
  /\p{Script=Hebrew}/u,
  /\p{Script=Arabic}/u,
  /\p{Script=Devanagari}/u,
  /\p{Script=Bengali}/u,
  /\p{Script=Tamil}/u,
  /\p{Script=Thai}/u,
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u,
];

/** Whether a name has letters of one script, and no characters that cannot be seen. */
export function isPlainName(name: string): boolean {
  const letters = Array.from(name.normalize("NFKC")).filter((character) => /\p{L}/u.test(character));
  const used = SCRIPTS.filter((script) => letters.some((letter) => script.test(letter)));
  const known = letters.every((letter) => SCRIPTS.some((script) => script.test(letter)));
  return known && used.length === 1 && !/[\p{Cf}\p{Co}\p{Cn}]/u.test(name);
}

export function skeleton(text: string): string {
  const plain = Array.from(text.normalize("NFKD").toLowerCase())
    .filter((character) => /[\p{L}\p{N}]/u.test(character))
    .map((character) => LIKE_LATIN.get(character) ?? character)
    .join("");
  return plain
    .replaceAll("0", "o")
    .replaceAll(/[1i|]/g, "l")
    .replaceAll("5", "s")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("cl", "d");
}

const RESERVED_LOOKS = new Set(RESERVED.map(skeleton));

/** Whether a label looks like a reserved one. */
export function isReserved(label: string): boolean {
  return RESERVED_LOOKS.has(skeleton(label)) || label.slice(2, 4) === "--";
}
