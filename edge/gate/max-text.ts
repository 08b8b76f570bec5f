/** UTF-16 units of a message and of a greeting, for the back end and for the page. */
export const MAX_TEXT = 2000;
