package io.backdoorgrid.attack.trigger;

/** Where on an image a patch lies. */
public enum Corner {
  TOP_LEFT,
  TOP_RIGHT,
  BOTTOM_LEFT,
  BOTTOM_RIGHT
}
