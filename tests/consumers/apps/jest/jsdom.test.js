/** @jest-environment jsdom */
require("./ask.js");
