// The page of API keys: what its tests find and do on it.
import { headerNames } from "wicketgate/contract";
import { enter } from "../edge/demonstration.mjs";
import { arrive } from "./browser.mjs";
import { read } from "./requests.mjs";
import { demo, open, page, setUp, window } from "./window.mjs";

export const DAY = 86_400;
export const now = () => Math.floor(Date.now() / 1000);
/** A long name, with letters of three alphabets. */
export const LONG = "Synchronisation nächtlicher Übergaben zwischen Œuvre-Verwaltung, Żółw-Archiv und Λογιστήριο";

/** A global admin. */
export let gina;

/** The demonstration, with a person who manages keys and has little else: nadia. */
export function setUpKeys() {
  setUp({
    async prepare() {
      gina = await enter(demo, "gina");
      await gina.does({ type: "define_role", id: "key_keeper", on: "organization", grants: ["panel.api_keys", "user.invite"] });
      await gina.does({ type: "define_role", id: "inviter", on: "organization", grants: ["user.invite"] });
      await gina.does({ type: "assign_role", user: "nadia", role: "key_keeper" });
    },
  });
}

/** Creates a key as gina, without the page. */
export async function made(name, more) {
  const command = { type: "create_api_key", name, role: "application_admin", scopes: ["commands", "act_as"], ...more };
  const { api_key: id, secret } = (await gina.does(command)).result;
  return { id, secret };
}

/** Creates a team with a key, as a server does, for itself or on behalf of a person. @returns the status */
export async function createsTeam(secret, name, person) {
  const headers = { Authorization: `Bearer ${secret}`, ...(person !== undefined && { [headerNames.actAs]: person }) };
  const response = await fetch(`${demo.url}/v1/commands`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json", [headerNames.idempotencyKey]: crypto.randomUUID() },
    body: JSON.stringify({ type: "create_team", name }),
  });
  await response.body?.cancel();
  return response.status;
}

export async function show(person = "gina", options) {
  await open(options);
  await arrive(page, demo.url, person, "/settings/api-keys");
}

export const row = (name) => page.locator("tr[data-row]").filter({ has: page.getByText(name, { exact: true }) });
export const dialog = () => page.getByRole("dialog");
export const confirmation = () => page.getByRole("alertdialog");
export const field = (label) => dialog().getByLabel(label, { exact: true });
export const secretField = () => field("The secret");
export const press = (name) => dialog().getByRole("button", { name, exact: true }).click();
export const newKey = () => page.getByRole("button", { name: "New API key" });
export const menuButton = (name) => page.getByRole("button", { name: `Actions for ${name}`, exact: true });

export async function menu(name) {
  await menuButton(name).click();
  await page.getByRole("menu").waitFor();
}

export async function choose(name, action) {
  await menu(name);
  await page.getByRole("menuitem", { name: action, exact: true }).click();
}

/** Opens the form of a new key and fills it in. */
export async function fill({ name, role = "Application admin", scopes = ["Commands"], addresses }) {
  await newKey().click();
  await field("Name").fill(name);
  await dialog().getByRole("radio", { name: role, exact: true }).check();
  for (const scope of scopes) await dialog().getByRole("checkbox", { name: scope, exact: true }).check();
  if (addresses !== undefined) await field("Accepted from (optional)").fill(addresses);
}

/** The labels of the choices in the dialog. */
export async function choices() {
  const radios = dialog().getByRole("radio");
  await radios.first().waitFor();
  return radios.evaluateAll((all) => all.map(({ labels }) => labels[0].textContent));
}

/** The keys as the authority has them, by name. */
export async function keys() {
  const { keys } = await read(window.context, demo.url, "/v1/api-keys");
  return new Map(keys.map((key) => [key.name, key]));
}

export const ANSWER = "**/v1/api-keys";

/** Shows these keys instead of those of the authority. */
export const answerWith = (keysOf) =>
  page.route(ANSWER, async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    await route.fulfill({ response, json: { ...answer, keys: keysOf(answer.keys) } });
  });

/** A key as the authority lists it. */
export const listed = (more) => ({
  id: "k_1",
  name: "Sync",
  role: "user",
  scopes: ["read"],
  created_by: "gina",
  created_at: now() - DAY,
  ...more,
});
