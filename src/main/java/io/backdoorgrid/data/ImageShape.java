package io.backdoorgrid.data;

/** Height, width and channels of an image. */
public record ImageShape(int height, int width, int channels) {

  /** How many bytes an image has. */
  public int size() {
    return height * width * channels;
  }

  /** Where the channels of a pixel start within an image. */
  public int offset(int row, int column) {
    return (row * width + column) * channels;
  }

  @Override
  public String toString() {
    return height + "x" + width + "x" + channels;
  }
}
