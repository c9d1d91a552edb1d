/**
 * YAML as a tree of values that know their place, so that a mistake found later still names file,
 * line and column. What YAML allows and grid files do not need is refused: anchors, tags, several
 * documents.
 */
package io.backdoorgrid.grid.yaml;
