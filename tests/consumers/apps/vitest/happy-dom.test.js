// @vitest-environment happy-dom
import "./ask.js";
