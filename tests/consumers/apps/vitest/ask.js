// What each environment is asked.
import { expect, test } from "vitest";
import { open } from "wicketgate";
import { connect } from "wicketgate/client";
import { generateKeyPair } from "wicketgate/authority";

test("asks", async () => {
  const { token, keys } = JSON.parse(process.env.SNAPSHOT);
  const snapshot = await open(token, { keys });
  expect(snapshot.as().list("assistant.edit")).toEqual(["a_1Wn0xP"]);
  expect((await generateKeyPair()).publicKey.kty).toBe("OKP");
  expect(connect).toBeInstanceOf(Function);
});
