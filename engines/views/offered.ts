/** Functions of FHIRPath that a view may use: those that look at nothing but the resource, and not at all of its texts. */

const OFFERED = new Set(
  `abs all allFalse allTrue anyFalse anyTrue as ceiling contains convertsToBoolean convertsToDate convertsToDateTime
  convertsToDecimal convertsToInteger convertsToString convertsToTime count distinct empty endsWith exclude exists
  extension first floor getReferenceKey getResourceKey hasValue highBoundary iif indexOf intersect is isDistinct join
  last length lowBoundary lower not ofType repeat round select single skip sqrt startsWith subsetOf substring
  supersetOf tail take toBoolean toDate toDateTime toDecimal toInteger toString toTime truncate union upper where`.split(
    /\s+/,
  ),
);

export const offeredToViews = (name: string): boolean => OFFERED.has(name);
