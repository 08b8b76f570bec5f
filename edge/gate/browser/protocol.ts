// What the widget on a customer's page and the frame in it say to each other. The first message goes from window to window and
// carries a port; everything after it goes through that port, where nobody else can listen or speak.

/** From the widget to the frame, once for each load of it. It says nothing about who embeds: the browser does, as `event.origin`. */
export interface Hello {
  type: "wicketgate:hello";
}

/** `ready`: the chat is there. `refused`: it does not open on this site. `close`: the person wants it gone. */
export type FromFrame = { type: "ready" | "refused" | "close" };

/** `opened`: the panel was opened, and the keyboard belongs to the frame. */
export type FromWidget = { type: "opened" };

export const HELLO: Hello["type"] = "wicketgate:hello";

/** After so long without an answer the other side is not there. */
export const PATIENCE = 10_000;
