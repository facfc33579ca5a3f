/** The insurance room's place in the house: routes of the claims. Entitlement has no routes: reception and finish call it. */
import type { Module } from '../../kernel/kernel.ts';
import { claimRoutes } from './claims/routes.ts';

export const insuranceModule: Module = {
  name: 'insurance',
  routes: claimRoutes,
};
