//! Memory that is wiped before it is given back: arguments and results are copied on their way through
//! the boundary, and some of them are secrets. Only this library allocates so, not its host.

use std::alloc::{GlobalAlloc, Layout, System};

struct Wiping;

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

// SAFETY: every call is passed on to the system's allocator as it came; what is wiped is a block that
// the caller owns and gives back.
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` is a live block of `layout`, which nobody reads any more.
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }

    // No `realloc`: the default one allocates, copies and deallocates, so that the old block is wiped.
}

/// Writes zeros that the compiler must not leave out.
///
/// # Safety
/// `block` is valid for writes of `size` bytes.
unsafe fn wipe(block: *mut u8, size: usize) {
    // SAFETY: as above.
    unsafe { std::ptr::write_bytes(block, 0, size) };
    std::sync::atomic::compiler_fence(std::sync::atomic::Ordering::SeqCst);
    std::hint::black_box(block);
}
