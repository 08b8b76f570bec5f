/** Characters of a message and of a greeting: what the back end takes, and the page lets one write. */
export const LONGEST = 2000;
