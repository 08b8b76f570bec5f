/** Whether two types are equal. `expect<Same<A, B>>()` compiles only if they are. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
export declare function expect<_Holds extends true>(): void;
