/** @jest-environment jsdom */
import "./ask.mjs";
