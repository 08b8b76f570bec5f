// Who has an account at the demonstration's identity provider.

/** People whom the organization does not know: to be invited, or to come by themselves. */
const NEWCOMERS = [
  { id: "nina", email: "nina@acme.example" },
  { id: "otto", email: "otto@acme.example" },
  { id: "uwe", email: "uwe@acme.example", verified: false },
];

/** @returns {{ people: object[], newcomers: object[] }} as `startIdentityProvider` takes them */
export function demoPeople({ users }) {
  return { people: users.map(({ id, email, role, status }) => ({ id, email, role, status })), newcomers: NEWCOMERS };
}
