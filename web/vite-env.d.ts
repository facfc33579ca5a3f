/// <reference types="vite/client" />

/** Icons are imported one file each: the package's barrel has 6,000 modules and would make every build slow. */
declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { ComponentType } from 'react';

  const icon: ComponentType<{
    size?: number | string;
    stroke?: number;
    className?: string;
    'aria-hidden'?: boolean;
  }>;
  export default icon;
}
