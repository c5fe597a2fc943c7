//! The BSD packet filter machine (McCanne and Jacobson, 1993), as libpcap's compiler writes programs for it.
//!
//! Our own, because libpcap's, through the `pcap` crate, is told a frame is as long as what was captured
//! of it, so that `greater` and `less` are wrong for frames that the snapshot length cut.

/// One instruction, as in Linux's `struct sock_filter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instruction {
    pub code: u16,
    pub jump_true: u8,
    pub jump_false: u8,
    pub k: u32,
}

impl Instruction {
    /// Loads what is not in the frame, such as which way it went (Linux, `SKF_AD_OFF`).
    pub(super) fn asks_the_kernel(&self) -> bool {
        const BESIDE_THE_FRAME: u32 = -0x1000_i32 as u32;
        self.code & 7 == LD && self.code & MODE == ABS && self.k >= BESIDE_THE_FRAME
    }
}

// Classes: the low three bits of the code.
const LD: u16 = 0;
const LDX: u16 = 1;
const ST: u16 = 2;
const STX: u16 = 3;
const ALU: u16 = 4;
const JMP: u16 = 5;
const RET: u16 = 6;
// How wide a load is, and from where.
const SIZE: u16 = 0x18;
const WORD: u16 = 0x00;
const HALF: u16 = 0x08;
const MODE: u16 = 0xe0;
const IMM: u16 = 0x00;
const ABS: u16 = 0x20;
const IND: u16 = 0x40;
const MEM: u16 = 0x60;
const LEN: u16 = 0x80;
/// Four times the low half of the octet: an IPv4 header's length.
const MSH: u16 = 0xa0;
/// The operand is the index register, not the constant; in a return, the accumulator.
const FROM_X: u16 = 0x08;
const FROM_A: u16 = 0x10;
/// Operation of an ALU or jump instruction.
const OPERATION: u16 = 0xf0;
const TXA: u16 = 0x80;

const MEMORY: usize = 16;

/// Whether the program takes the frame. A load beyond what was captured ends it with no, as in the kernel.
pub(super) fn accepts(program: &[Instruction], bytes: &[u8], wire_len: u32) -> bool {
    run(program, bytes, wire_len).is_some_and(|taken| taken > 0)
}

/// How many bytes the program takes; none where it reads what is not there.
fn run(program: &[Instruction], bytes: &[u8], wire_len: u32) -> Option<u32> {
    let (mut a, mut x) = (0u32, 0u32);
    let mut memory = [0u32; MEMORY];
    let mut at = 0;
    // Jumps only go forward, so this ends.
    loop {
        let instruction = program.get(at)?;
        let (code, k) = (instruction.code, instruction.k);
        at += 1;
        match code & 7 {
            LD => a = load(code, k, x, &memory, bytes, wire_len)?,
            LDX => x = load(code, k, x, &memory, bytes, wire_len)?,
            ST => *memory.get_mut(k as usize)? = a,
            STX => *memory.get_mut(k as usize)? = x,
            ALU => a = compute(code & OPERATION, a, if code & FROM_X != 0 { x } else { k })?,
            JMP => {
                let operand = if code & FROM_X != 0 { x } else { k };
                at += match code & OPERATION {
                    0x00 => k as usize,
                    comparison => {
                        let holds = match comparison {
                            0x10 => a == operand,
                            0x20 => a > operand,
                            0x30 => a >= operand,
                            0x40 => a & operand != 0,
                            _ => return None,
                        };
                        usize::from(if holds {
                            instruction.jump_true
                        } else {
                            instruction.jump_false
                        })
                    }
                };
            }
            RET => return Some(if code & FROM_A != 0 { a } else { k }),
            // MISC: between the registers.
            _ if code & OPERATION == TXA => a = x,
            _ => x = a,
        }
    }
}

fn load(
    code: u16,
    k: u32,
    x: u32,
    memory: &[u32; MEMORY],
    bytes: &[u8],
    wire_len: u32,
) -> Option<u32> {
    let at = match code & MODE {
        IMM => return Some(k),
        MEM => return memory.get(k as usize).copied(),
        LEN => return Some(wire_len),
        ABS => k as usize,
        IND => x.checked_add(k)? as usize,
        MSH => return Some(u32::from(bytes.get(k as usize)? & 0x0f) * 4),
        _ => return None,
    };
    match code & SIZE {
        WORD => crate::bytes::be32(bytes, at),
        HALF => crate::bytes::be16(bytes, at).map(u32::from),
        _ => bytes.get(at).map(|byte| u32::from(*byte)),
    }
}

fn compute(operation: u16, a: u32, operand: u32) -> Option<u32> {
    Some(match operation {
        0x00 => a.wrapping_add(operand),
        0x10 => a.wrapping_sub(operand),
        0x20 => a.wrapping_mul(operand),
        0x30 => a.checked_div(operand)?,
        0x40 => a | operand,
        0x50 => a & operand,
        0x60 => a.checked_shl(operand).unwrap_or(0),
        0x70 => a.checked_shr(operand).unwrap_or(0),
        0x80 => a.wrapping_neg(),
        0x90 => a.checked_rem(operand)?,
        0xa0 => a ^ operand,
        _ => return None,
    })
}
