/**
 * The engine's door for the browser: how a person stands in a programme, from facts that the server sent. Nothing behind it
 * needs Node, FHIRPath or the network; screens may import this file and no other of the room.
 */
export type { ActCourse, ActStatus } from './acts.ts';
export type { Fault as DoseFault, Judged } from './assess.ts';
export { type Course, type CourseTask, courseOf, type Shelf } from './course.ts';
export type { Taken } from './coverage/dose.ts';
export { type Day, dayOf, dayText, plus, type Span } from './days.ts';
export type { CallResult, Facts } from './facts.ts';
export type { NextDose, SeriesCourse, SeriesStatus } from './forecast.ts';
export type { Priority, Product, Programme } from './model.ts';
