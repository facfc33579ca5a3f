/** Disease surveillance: the notifiable list and its alerts. */
export { type Notifiable, notifiableOf, reportDeadline } from './notifiable.ts';
