/** What codes mean that the records of both families have. */

/** Capture device technology: ISO/IEC 19794-2:2011 and 19794-4:2011. */
export const CAPTURE_DEVICE_TECHNOLOGIES: ReadonlyMap<number, string> = new Map(
  [
    'unknown or unspecified',
    'white light, optical, total internal reflection',
    'white light, optical, direct view on platen',
    'white light, optical, touchless',
    'monochromatic visible light, optical, total internal reflection',
    'monochromatic visible light, optical, direct view on platen',
    'monochromatic visible light, optical, touchless',
    'monochromatic infrared, optical, total internal reflection',
    'monochromatic infrared, optical, direct view on platen',
    'monochromatic infrared, optical, touchless',
    'multispectral, optical, total internal reflection',
    'multispectral, optical, direct view on platen',
    'multispectral, optical, touchless',
    'electroluminescent',
    'semiconductor, capacitive',
    'semiconductor, radio frequency',
    'semiconductor, thermal',
    'pressure sensitive',
    'ultrasound',
    'mechanical',
    'glass fibre',
  ].entries(),
)
