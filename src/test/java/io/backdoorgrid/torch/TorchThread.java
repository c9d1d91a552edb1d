package io.backdoorgrid.torch;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prepares the thread of a test class for native work, on one core so that sums are repeatable. */
public final class TorchThread implements BeforeAllCallback {

  @Override
  public void beforeAll(ExtensionContext context) {
    Torch.prepareThread(1);
  }
}
