/** @jest-environment node */
import "./ask.mjs";
