/** The contract's types are those of the core, and a misspelt name does not compile. */
import type { Capability, Denied, ErrorCode, Level, Relation } from "wicketgate";
import type { Command, RefusalCode } from "wicketgate/authority";
import * as contract from "wicketgate/contract";
import { expect, type Same } from "./expect.js";

expect<Same<contract.Capability, Capability>>();
expect<Same<contract.DeniedReason, Denied>>();
expect<Same<keyof typeof contract.relations, Relation>>();
expect<Same<keyof typeof contract.levels, Level>>();
expect<Same<contract.ErrorCode, ErrorCode>>();
expect<Same<keyof typeof contract.refusalCodes, RefusalCode>>();
expect<Same<contract.CommandName, Command["type"]>>();
expect<Same<429, (typeof contract.gateProblems)["rate_limited"]["status"]>>();

declare const problem: contract.ProblemDocument<contract.AuthorityProblemCode>;
const until: number | undefined = problem.code === "beyond_own_role" ? problem.until : undefined;
console.log(until, contract.limits.jsonDepth);
// @ts-expect-error misspelt
console.log(problem.code === "unknown_usr");
// @ts-expect-error a code of the gate alone
console.log(problem.code === "invalid_pass");
