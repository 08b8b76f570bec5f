// The types of all answers, of both Workers: their schemas are made of these.
export type * from "../authority/wire";
export type * from "../gate/wire";
