// What each environment is asked.
const { open } = require("wicketgate");
const { connect } = require("wicketgate/client");
const { generateKeyPair } = require("wicketgate/authority");

test("asks", async () => {
  const { token, keys } = JSON.parse(process.env.SNAPSHOT);
  const snapshot = await open(token, { keys });
  expect(snapshot.as().list("assistant.edit")).toEqual(["a_1Wn0xP"]);
  expect((await generateKeyPair()).publicKey.kty).toBe("OKP");
  expect(connect).toBeInstanceOf(Function);
});
