/** The modules of the house, in the order in which their schemas are applied and they are started. */
import { terminologyModule } from '../kernel/fhir/terminology/index.ts';
import type { Module } from '../kernel/kernel.ts';
import { clinicModule } from '../modules/clinic/index.ts';
import { decisions } from '../modules/decisions/index.ts';
import { demoModule } from '../modules/demo/index.ts';
import { documentsModule } from '../modules/documents/index.ts';
import { formsModule } from '../modules/forms/index.ts';
import { insuranceModule } from '../modules/insurance/index.ts';
import { medicines } from '../modules/medicines/index.ts';
import { operations } from '../modules/operations/index.ts';
import { peopleModule } from '../modules/people/index.ts';
import { placesModule } from '../modules/places/index.ts';
import { privacy } from '../modules/privacy/index.ts';
import { programmes } from '../modules/programmes/index.ts';
import { record } from '../modules/record/index.ts';
import { station } from '../modules/station/index.ts';
import { statistics } from '../modules/statistics/index.ts';
import { stock } from '../modules/stock/index.ts';
import { surveillance } from '../modules/surveillance/index.ts';

export const modules: readonly Module[] = [
  terminologyModule,
  placesModule,
  demoModule,
  peopleModule,
  decisions,
  clinicModule,
  insuranceModule,
  documentsModule,
  formsModule,
  record,
  station,
  stock,
  programmes,
  medicines,
  surveillance,
  operations,
  statistics,
  privacy,
];
