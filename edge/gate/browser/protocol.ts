// Messages between the widget on a customer's page and its frame. The first goes from window to window and carries a port; all others go
// through that port, where no other script can listen or send.

/** From the widget to the frame, after each load. It does not name the embedding site: the browser does, as `event.origin`. */
export interface Hello {
  type: "wicketgate:hello";
}

/** `ready`: the chat can be shown. `refused`: it does not open on this site. `close`: the person closes it. */
export type FromFrame = { type: "ready" | "refused" | "close" };

/** `opened`: the panel is open, and the frame should take the keyboard. */
export type FromWidget = { type: "opened" };

export const HELLO: Hello["type"] = "wicketgate:hello";

/** Milliseconds after which a side that has not answered counts as absent. */
export const PATIENCE = 10_000;
