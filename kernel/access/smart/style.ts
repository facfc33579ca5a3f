/** Our colours for apps that want to look alike (SMART 2.2, "SMART App Styling"). Pure. */
import { createHash } from 'node:crypto';

const STYLE = {
  color_background: '#f3f6f5',
  color_error: '#b42318',
  color_highlight: '#0b6e64',
  color_modal_backdrop: '#0f1b196b',
  color_success: '#1f6f35',
  color_text: '#17211f',
  dim_border_radius: '6px',
  dim_font_size: '15px',
  dim_spacing_size: '12px',
  font_family_body: "'Be Vietnam Pro', 'Segoe UI', Roboto, sans-serif",
  font_family_heading: "'Be Vietnam Pro', 'Segoe UI', Roboto, sans-serif",
};

export const STYLE_BODY = JSON.stringify(STYLE);

/** Another address when the style is another. */
export const STYLE_ADDRESS = `/smart-style/${createHash('sha256').update(STYLE_BODY).digest('hex').slice(0, 12)}.json`;
