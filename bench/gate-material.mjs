// Material for the gate's measurements: organizations with public assistants, their gate snapshots as the authority signs them, and visitors
// with a key or from a site.

import { createHash } from "node:crypto";
import { Directory, generateKeyPair } from "wicketgate/authority";
import { GATE_AUDIENCE, ISSUER } from "./gate-names.mjs";
import { SIZES, random, world } from "./world.mjs";

/** The sizes: a decision must not depend on them. */
export const ORGANIZATIONS = {
  small: { users: 50, teams: 5, assistants: 100 },
  large: SIZES.L,
};

/**
 * An organization of that size. Some assistants, equal in every size, are open to visitors: with a name, a view link, an edit link and two
 * patterns of sites.
 */
export async function material(size, open) {
  const { facts } = world(size);
  const draw = random(11);
  const chosen = facts.assistants.slice(0, open);
  const visitors = chosen.map((assistant, i) => {
    const keys = ["view", "edit"].map((level) => ({ level, key: linkKey(draw) }));
    const id = `open_${String(i).padStart(6, "0")}`;
    const site = `https://shop${i}.example`;
    Object.assign(assistant, {
      id,
      name: `Order helper ${i}`,
      accessibility: "public",
      links: keys.map(({ level, key }, at) => ({
        id: `l${at + 1}`,
        level,
        digest: createHash("sha256").update(key).digest("base64url"),
      })),
      embed: { origins: [site, `https://*.shop${i}.example`] },
    });
    return { assistant: id, link: keys[0].key, origin: site, inner: `shop${i}.example` };
  });
  const { publicKey, privateKey } = await generateKeyPair();
  const passKey = (await generateKeyPair()).privateKey;
  const { directory } = await Directory.found(facts);
  try {
    const claims = { key: privateKey, issuer: ISSUER, audience: GATE_AUDIENCE, expiresIn: 3_600 };
    const tokens = Object.fromEntries(
      visitors.map(({ assistant }) => [assistant, directory.snapshot({ ...claims, scope: { gate: [assistant] } })]),
    );
    return { organization: facts.id, keys: { keys: [publicKey] }, passKeys: { keys: [passKey] }, tokens, visitors };
  } finally {
    directory.free();
  }
}

function linkKey(draw) {
  return `wk_${Buffer.from(Array.from({ length: 32 }, () => draw.below(256))).toString("base64url")}`;
}
