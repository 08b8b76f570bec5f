// Makes elements without parsing markup: a page's policy may forbid that, and every content stays text.

type Attributes = Record<string, string>;

export const BUBBLE = "M21 12a8 8 0 0 1-8 8H4l2-3.2A8 8 0 1 1 21 12Z";
export const CROSS = "M6 6l12 12M18 6L6 18";

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

/** A line drawing of 24 × 24 units, in the colour of the text. */
export function icon(...paths: string[]): SVGElement {
  return fill(
    drawn("svg"),
    { viewBox: "0 0 24 24", "aria-hidden": "true" },
    paths.map((d, index) => fill(drawn("path"), { d, class: `p${index}` }, [])),
  );
}

function drawn(tag: "svg" | "path"): SVGElement {
  return document.createElementNS("http://www.w3.org/2000/svg", tag);
}

function fill<E extends Element>(target: E, attributes: Attributes, children: (Node | string)[]): E {
  for (const [name, value] of Object.entries(attributes)) target.setAttribute(name, value);
  target.append(...children);
  return target;
}
