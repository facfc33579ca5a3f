/** Icons a workplace may carry in the rail, by name, so that a module's list of screens needs no React. */
import {
  IconActivity,
  IconClipboardHeart,
  IconFileText,
  IconFlask,
  IconLayoutDashboard,
  IconListCheck,
  IconPills,
  IconReceipt,
  IconReport,
  IconSettings,
  IconShieldCheck,
  IconStethoscope,
  IconTicket,
  IconUserPlus,
  IconUsers,
  IconVaccine,
  IconVirus,
} from './icons.ts';

export const railIcons = {
  activity: IconActivity,
  book: IconFileText,
  dashboard: IconLayoutDashboard,
  flask: IconFlask,
  heart: IconClipboardHeart,
  list: IconListCheck,
  people: IconUsers,
  person: IconUserPlus,
  pills: IconPills,
  receipt: IconReceipt,
  report: IconReport,
  settings: IconSettings,
  shield: IconShieldCheck,
  stethoscope: IconStethoscope,
  ticket: IconTicket,
  vaccine: IconVaccine,
  virus: IconVirus,
} as const;

export type IconName = keyof typeof railIcons;
