// The demonstration organization, as `make start` serves it.
import { demoOrganization } from "../../../demo/organization.mjs";

export default {
  load: () =>
    demoOrganization({ keySecret: "playground", origin: "https://app.acme.example", customer: "https://shop.acme.example" }).facts,
};
