/** Programmes: who is followed, what is due, and what of what was done counts. */
export type { ActCourse, ActStatus } from './acts.ts';
export type { Fault as DoseFault, Judged } from './assess.ts';
export { checkProgramme, isProgramme, programmeIssues } from './check.ts';
export { catalogueOn, contentProgrammes, type OpenProgramme, programmeVersions } from './content.ts';
export { type Course, type CourseTask, courseOf, type Shelf } from './course.ts';
export {
  type Coverage,
  type CoverageDefinition,
  type CoverageMeasure,
  checkCoverage,
  coverageOn,
  type DropOut,
  type MissedList,
} from './coverage/definition.ts';
export type { Taken } from './coverage/dose.ts';
export { coverageShape } from './coverage/shape.ts';
export { isMissed, type Reached, reachedBy, takenOf } from './coverage/taken.ts';
export { type Day, dayOf, dayText, plus, type Span } from './days.ts';
export type { Answer, Call, CallResult, Dose, EnrolmentFact, Facts, NotGiven } from './facts.ts';
export type { NextDose, SeriesCourse, SeriesStatus } from './forecast.ts';
export type { Membership, Silence } from './membership.ts';
export type { Campaign, Priority, Product, Programme } from './model.ts';
export { PROGRAMME_OPERATIONS } from './operations/definition.ts';
export { type ReadPerson, readPerson } from './operations/person.ts';
export { programmeRoutes } from './operations/routes.ts';
export { type Asker, openAsker } from './person-facts.ts';
export { productsOf } from './products.ts';
export { type Fault, readProgramme } from './read.ts';
export { forgetProgrammes, programmesOn } from './stored.ts';
export { programmeCs } from './systems.ts';
