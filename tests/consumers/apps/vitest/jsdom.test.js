// @vitest-environment jsdom
import "./ask.js";
