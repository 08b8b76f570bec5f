/** @jest-environment node */
require("./ask.js");
