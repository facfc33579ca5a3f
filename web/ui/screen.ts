/** What a module's `screens/index.ts` exports: the list of its screens, by which the shell finds and loads them. */
import type { ComponentType } from 'react';
import type { Role } from '../../kernel/access/contract.ts';
import type { IconName } from './icons-of-rail.ts';

/** What every screen is given. */
export interface ScreenProps {
  /** Parameters of the path: `/ho-so/:id` gives `{id}`. */
  params: Record<string, string>;
}

export interface Screen {
  /** Address, with `:name` for parameters: `/tiep-don`, `/ho-so/:id`. */
  path: string;
  /** Stable name: `reception`. */
  key: string;
  /** Asked each time it is drawn, so that it follows the language: `() => t('reception.title', 'Tiếp đón')`. */
  title: () => string;
  /** Roles that see it; empty = everyone signed in. The server decides again on every call. */
  roles: readonly Role[];
  /** True: stands in the left rail. */
  workplace?: boolean;
  /** Icon in the rail. */
  icon?: IconName;
  /** Order in the rail, small first; 100 when absent. */
  order?: number;
  /** `staff` (default): top bar, rail, key strip. `none`: the whole page is the screen's (wall, board, kiosk). */
  frame?: 'staff' | 'none';
  /** True: also for who is not signed in; the screen is given nothing of a person. */
  open?: boolean;
  /** `dark` for the wall; `light` when absent. */
  theme?: 'light' | 'dark';
  /** Loaded when first opened. The module's default export is the screen. */
  load: () => Promise<{ default: ComponentType<ScreenProps> }>;
  /**
   * Addresses (`/api/…`) that the screen reads as soon as it is drawn. When the page is opened at it they are asked for while its
   * code is still on the way.
   * @param asked what stands behind `?` in the address
   */
  readsFirst?: (params: Record<string, string>, asked: URLSearchParams) => readonly string[];
}
