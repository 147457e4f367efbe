//! The elements, attributes and properties that a drawing may have: SVG 1.1 and SVG 2 with the modules they refer to.
//!
//! What is not listed does not change how a drawing looks, or is not safe, and goes.

/// The namespaces of SVG (SVG 2, 1.3) and XLink.
pub(super) const SVG: &str = "http://www.w3.org/2000/svg";
pub(super) const XLINK: &str = "http://www.w3.org/1999/xlink";
pub(super) const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// Elements that are kept (SVG 1.1, appendix on the element index; SVG 2, appendix F).
const ELEMENTS: &str = " a altGlyph altGlyphDef altGlyphItem animate animateColor animateMotion \
    animateTransform circle \
    clipPath color-profile cursor defs desc ellipse feBlend feColorMatrix feComponentTransfer feComposite \
    feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG \
    feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting \
    feSpotLight feTile feTurbulence filter font font-face font-face-format font-face-name font-face-src font-face-uri \
    g glyph glyphRef hkern image line linearGradient marker mask missing-glyph mpath path pattern polygon polyline \
    radialGradient rect set stop style svg switch symbol text textPath title tref tspan use view vkern ";

/// Elements that draw nothing where they stand, only where something refers to them. `symbol` and `view` are not among
/// them: other files may refer to those.
const BY_REFERENCE: &str = " clipPath filter linearGradient marker mask pattern radialGradient ";

/// Children of `defs` that work without being referred to by their id.
const WORKS_IN_DEFS: &str = " animate animateColor animateMotion animateTransform color-profile desc font font-face set \
    style symbol title view ";

/// Elements that hide with `display: none`.
const DISPLAYED: &str =
    " a circle ellipse g image line path polygon polyline rect svg switch text tref tspan textPath use ";

/// Elements whose text is shown or read aloud.
const TEXT_CONTENT: &str = " a altGlyph desc style text textPath title tref tspan ";

/// Presentation attributes and properties of style sheets (SVG 2, appendix G; CSS modules on fonts, text, masking,
/// filters, compositing, transforms, animations).
const PROPERTIES: &str = " alignment-baseline all animation animation-composition animation-delay animation-direction \
    animation-duration animation-fill-mode animation-iteration-count animation-name animation-play-state \
    animation-timeline animation-timing-function backface-visibility background background-color baseline-shift \
    block-progression clip clip-path clip-rule color color-interpolation color-interpolation-filters color-profile \
    color-rendering color-scheme cursor cx cy d direction display dominant-baseline enable-background fill \
    fill-opacity fill-rule filter flood-color flood-opacity font font-family font-feature-settings font-kerning \
    font-size font-size-adjust font-stretch font-style font-synthesis font-variant font-variant-alternates \
    font-variant-caps font-variant-east-asian font-variant-ligatures font-variant-numeric font-variant-position \
    font-variation-settings font-weight glyph-orientation-horizontal glyph-orientation-vertical height \
    image-rendering inline-size isolation kerning letter-spacing lighting-color line-height margin marker marker-end \
    marker-mid marker-start mask mask-type max-height max-width min-height min-width mix-blend-mode offset-path \
    offset-distance offset-rotate opacity overflow overflow-x overflow-y paint-order perspective pointer-events r \
    rotate rx ry scale shape-inside shape-margin shape-padding shape-rendering shape-subtract solid-color \
    solid-opacity stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin \
    stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration text-decoration-color \
    text-decoration-fill text-decoration-line text-decoration-stroke text-decoration-style text-decoration-thickness \
    text-indent text-orientation text-overflow text-rendering text-shadow text-transform transform transform-box \
    transform-origin transform-style transition transition-delay transition-duration transition-property \
    transition-timing-function translate unicode-bidi user-select vector-effect vertical-align visibility white-space \
    width will-change word-spacing writing-mode x y ";

/// Descriptors of `@font-face` (CSS Fonts 4, 11).
const FONT_DESCRIPTORS: &str = " ascent-override descent-override font-display font-family font-feature-settings \
    font-stretch font-style font-variant font-variation-settings font-weight line-gap-override panose-1 size-adjust \
    src unicode-range units-per-em ";

/// Functions of values; `url` is judged on its own.
const FUNCTIONS: &str = " blur brightness calc circle clamp color color-mix contrast cubic-bezier device-cmyk \
    drop-shadow ellipse format grayscale hsl hsla hue-rotate hwb icc-color inset invert lab lch light-dark linear \
    local matrix matrix3d max min oklab oklch opacity path perspective polygon rect rgb rgba rotate rotate3d rotatex \
    rotatey rotatez saturate scale scale3d scalex scaley scalez sepia skew skewx skewy steps tech translate \
    translate3d translatex translatey translatez var ";

/// Attributes beside the presentation attributes (SVG 1.1, appendix on the attribute index; SVG 2, appendix E).
const ATTRIBUTES: &str = " accent-height accumulate additive alphabetic amplitude arabic-form ascent attributeName \
    attributeType autofocus azimuth baseFrequency baseProfile bbox begin bias by calcMode cap-height class \
    clipPathUnits contentStyleType crossorigin d decoding descent diffuseConstant divisor download dur dx dy edgeMode \
    elevation end exponent externalResourcesRequired fetchpriority filterRes filterUnits format fr from fx fy g1 g2 \
    glyph-name glyphRef gradientTransform gradientUnits hanging height href hreflang horiz-adv-x horiz-origin-x \
    horiz-origin-y id ideographic in in2 intercept k k1 k2 k3 k4 kernelMatrix kernelUnitLength keyPoints keySplines \
    keyTimes lang lengthAdjust limitingConeAngle local markerHeight markerUnits markerWidth maskContentUnits \
    maskUnits mathematical max media method min mode name numOctaves offset operator order orient orientation origin \
    overline-position overline-thickness panose-1 path pathLength patternContentUnits patternTransform patternUnits \
    points pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r radius refX refY rel \
    rendering-intent repeatCount repeatDur requiredExtensions requiredFeatures requiredFonts requiredFormats \
    restart result role rotate rx ry scale seed side slope spacing specularConstant specularExponent spreadMethod \
    startOffset stdDeviation stemh stemv stitchTiles strikethrough-position strikethrough-thickness string style \
    surfaceScale systemLanguage tabindex tableValues target targetX targetY textLength title to transform type u1 \
    u2 underline-position underline-thickness unicode unicode-range units-per-em v-alphabetic v-hanging \
    v-ideographic v-mathematical values version vert-adv-y vert-origin-x vert-origin-y viewBox viewTarget width \
    widths x x-height x1 x2 xChannelSelector y y1 y2 yChannelSelector z zoomAndPan ";

/// Attributes of WAI-ARIA that give text or structure to people who do not see the drawing.
const ARIA: &str = " aria-activedescendant aria-atomic aria-controls aria-current aria-describedby aria-description \
    aria-details aria-disabled aria-expanded aria-flowto aria-haspopup aria-hidden aria-label aria-labelledby \
    aria-level aria-live aria-owns aria-posinset aria-roledescription aria-setsize aria-valuemax aria-valuemin \
    aria-valuenow aria-valuetext ";

fn listed(list: &str, name: &str) -> bool {
    !name.contains(' ') && list.contains(&format!(" {name} "))
}

/// An element of the SVG namespace that is kept.
pub(super) fn is_element(name: &str) -> bool {
    listed(ELEMENTS, name)
}

/// An element that draws only where something refers to it.
pub(super) fn is_by_reference(name: &str) -> bool {
    listed(BY_REFERENCE, name)
}

/// A child of `defs` that works without being referred to.
pub(super) fn works_in_defs(name: &str) -> bool {
    listed(WORKS_IN_DEFS, name)
}

/// An element that `display: none` hides.
pub(super) fn is_displayed(name: &str) -> bool {
    listed(DISPLAYED, name)
}

/// An element with text of its own.
pub(super) fn has_text(name: &str) -> bool {
    listed(TEXT_CONTENT, name)
}

/// A presentation attribute or property of a style sheet.
pub(super) fn is_property(name: &str) -> bool {
    listed(PROPERTIES, name)
}

/// A descriptor of `@font-face`.
pub(super) fn is_font_descriptor(name: &str) -> bool {
    listed(FONT_DESCRIPTORS, name)
}

/// A function that values may have; the name in lower case.
pub(super) fn is_function(name: &str) -> bool {
    name.is_empty() || listed(FUNCTIONS, name)
}

/// An attribute without a namespace that is kept.
pub(super) fn is_attribute(name: &str) -> bool {
    listed(ATTRIBUTES, name) || listed(ARIA, name) || is_property(name)
}

/// An attribute of the XLink namespace that is kept.
pub(super) fn is_xlink(name: &str) -> bool {
    matches!(name, "href" | "title" | "type" | "show" | "actuate")
}

/// An attribute of the XML namespace that is kept.
pub(super) fn is_xml(name: &str) -> bool {
    matches!(name, "space" | "lang")
}
