// The accounts of the demonstration's identity provider.

/** People who are not in the organization: they can be invited, or join by signing in. */
const NEWCOMERS = [
  { id: "nina", email: "nina@acme.example" },
  { id: "otto", email: "otto@acme.example" },
  { id: "uwe", email: "uwe@acme.example", verified: false },
];

/** @returns {{ people: object[], newcomers: object[] }} as `startIdentityProvider` takes them */
export function demoPeople({ users }) {
  return { people: users.map(({ id, email, role, status }) => ({ id, email, role, status })), newcomers: NEWCOMERS };
}
