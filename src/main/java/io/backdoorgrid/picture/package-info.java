/** Images as people look at them: how far two are from each other, and sheets of many. */
package io.backdoorgrid.picture;
