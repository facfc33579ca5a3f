import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { queries } from './data/query.ts';
import './styles/ui.css';

export type Theme = 'light' | 'dark' | 'contrast';

/** What every page stands in: the kit's styles, its theme and the data source. */
export function UiProvider(props: { theme: Theme; roomy?: boolean; children: ReactNode }) {
  const { theme, roomy } = props;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    document.documentElement.dataset.density = roomy ? 'roomy' : 'dense';
  }, [theme, roomy]);
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider
        withCssVariables={false}
        withGlobalClasses={false}
        forceColorScheme={theme === 'dark' ? 'dark' : 'light'}
      >
        {props.children}
      </MantineProvider>
    </QueryClientProvider>
  );
}
