/** The way from the banner to the allergies, over the screen: what is typed below stays where it is. */
import { useState } from 'react';
import { Button, SidePanel, t } from '../../../../web/ui/index.ts';
import { Allergies } from './allergies.tsx';

export function AllergyButton(props: { patient: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button keys="Alt+A" onPress={() => setOpen(true)}>
        {t('clinic.allergies', 'Dị ứng')}
      </Button>
      {open && (
        <SidePanel title={t('clinic.allergies', 'Dị ứng')} opened onClose={() => setOpen(false)} width={560}>
          <Allergies patient={props.patient} />
        </SidePanel>
      )}
    </>
  );
}
