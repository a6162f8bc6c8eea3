/**
 * What a sanitised SVG may consist of (SVG 1.1 and 2, appendices of elements and attributes). Absent on purpose: script,
 * handler, foreignObject, and set and animate, which could change a link into one that runs code.
 */
export const svgElements: ReadonlySet<string> = new Set(
  (
    'svg a altGlyph altGlyphDef altGlyphItem animateColor animateMotion animateTransform circle clipPath color-profile ' +
    'defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting ' +
    'feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge ' +
    'feMergeNode feMorphology feOffset fePointLight feSpecularLighting feSpotLight feTile feTurbulence filter font font-face ' +
    'font-face-name font-face-src g glyph glyphRef hkern image line linearGradient marker mask mesh meshgradient meshpatch ' +
    'meshrow missing-glyph mpath path pattern polygon polyline radialGradient rect solidcolor stop style switch symbol text ' +
    'textPath title tref tspan use view vkern'
  ).split(' '),
)

/** Attributes of no namespace; those that hold addresses or styles are looked into beside. */
export const svgAttributes: ReadonlySet<string> = new Set(
  (
    'accent-height accumulate additive alignment-baseline alphabetic amplitude arabic-form ascent attributeName ' +
    'attributeType azimuth baseFrequency baseProfile baseline-shift bbox begin bias by calcMode cap-height class clip ' +
    'clip-path clip-rule clipPathUnits color color-interpolation color-interpolation-filters color-profile color-rendering ' +
    'cursor cx cy d descent diffuseConstant direction display divisor dominant-baseline dur dx dy edgeMode elevation ' +
    'enable-background end exponent fill fill-opacity fill-rule filter filterRes filterUnits flood-color flood-opacity ' +
    'font-family font-size font-size-adjust font-stretch font-style font-variant font-weight fr from fx fy g1 g2 glyph-name ' +
    'glyph-orientation-horizontal glyph-orientation-vertical glyphRef gradientTransform gradientUnits hanging height ' +
    'horiz-adv-x horiz-origin-x horiz-origin-y href id ideographic image-rendering in in2 intercept isolation k k1 k2 k3 k4 ' +
    'kernelMatrix kernelUnitLength kerning keyPoints keySplines keyTimes lang lengthAdjust letter-spacing lighting-color ' +
    'limitingConeAngle local marker marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask ' +
    'mask-type maskContentUnits maskUnits mathematical max media method min mix-blend-mode mode name numOctaves offset opacity ' +
    'operator order orient orientation origin overflow overline-position overline-thickness panose-1 paint-order path ' +
    'pathLength patternContentUnits patternTransform patternUnits pointer-events points pointsAtX pointsAtY pointsAtZ ' +
    'preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY rendering-intent repeatCount repeatDur ' +
    'requiredExtensions requiredFeatures restart result role rotate rx ry scale seed shape-rendering side slope solid-color ' +
    'solid-opacity spacing specularConstant specularExponent spreadMethod startOffset stdDeviation stemh stemv stitchTiles ' +
    'stop-color stop-opacity strikethrough-position strikethrough-thickness string stroke stroke-dasharray ' +
    'stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width style surfaceScale ' +
    'systemLanguage tableValues targetX targetY text-align text-anchor text-decoration text-orientation text-overflow ' +
    'text-rendering textLength to transform transform-box transform-origin type u1 u2 underline-position ' +
    'underline-thickness unicode unicode-bidi unicode-range units-per-em v-alphabetic v-hanging v-ideographic ' +
    'v-mathematical values vector-effect version vert-adv-y vert-origin-x vert-origin-y viewBox visibility white-space width ' +
    'widths word-spacing writing-mode x x-height x1 x2 xChannelSelector y y1 y2 yChannelSelector z zoomAndPan'
  ).split(' '),
)
