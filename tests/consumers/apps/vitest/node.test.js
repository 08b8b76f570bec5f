// @vitest-environment node
import "./ask.js";
